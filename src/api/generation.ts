/** Which kinds count generations of what (upstream: the strategies that touch metadata.generation). */

/** For kinds that have a spec but no generations. */
export const withoutGeneration = { generationOf: (): undefined => undefined } as const;
