/** What a describer is given beside its object, and how it asks for more. */
import { pathOf } from '../mapper.ts';
import type { Session } from '../session.ts';
import type { Thing, ThingList } from '../thing.ts';
import { createWriter, type Writer, writeEvents } from './writer.ts';

/** What a describer has beside the object. */
export interface Around {
  readonly s: Session;
  readonly now: number;
  readonly events: readonly Thing[] | undefined;
}
export type Describer = (o: Thing, a: Around) => string | Promise<string>;

export const listOf = async (
  a: Around,
  resource: string,
  namespace: string | undefined,
  query: Record<string, string> = {},
): Promise<readonly Thing[]> =>
  (await a.s.api.json<ThingList>('GET', pathOf((await a.s.mapper()).byName(resource), namespace), { query })).items;

/** Builds the text; events come last. */
export const described = (a: Around, write: (w: Writer) => void): string => {
  const w = createWriter();
  write(w);
  writeEvents(w, a.events, a.now);
  return w.end();
};
