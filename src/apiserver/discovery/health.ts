/** /healthz, /livez, /readyz, as a whole and check by check (upstream: server/healthz/healthz.go). */
import { type RequestContext, textResponse } from '../request.ts';
import { notFoundPath, type PathRoute } from '../router.ts';

/** Answers nothing when well, or the reason why not. */
export interface HealthCheck {
  readonly name: string;
  readonly check: () => string | undefined | Promise<string | undefined>;
}

async function summary(kind: string, checks: readonly HealthCheck[], ctx: RequestContext) {
  const excluded = new Set(ctx.query.getAll('exclude'));
  let failed = false;
  let text = '';
  for (const c of checks) {
    if (excluded.delete(c.name)) {
      text += `[+]${c.name} excluded: ok\n`;
      continue;
    }
    const why = await c.check();
    if (why !== undefined) {
      failed = true;
      text += `[-]${c.name} failed: reason withheld\n`;
    } else text += `[+]${c.name} ok\n`;
  }
  if (excluded.size)
    text += `warn: some health checks cannot be excluded: no matches for ${[...excluded].map((e) => JSON.stringify(e)).join(',')}\n`;
  if (failed) return textResponse(500, `${text}${kind} check failed\n`);
  if (!ctx.query.has('verbose')) return textResponse(200, 'ok');
  return textResponse(200, `${text}${kind} check passed\n`);
}

export function healthRoutes(kind: 'healthz' | 'livez' | 'readyz', checks: readonly HealthCheck[]): PathRoute[] {
  return [
    { path: `/${kind}`, handler: (ctx) => summary(kind, checks, ctx) },
    ...checks.map(
      (c): PathRoute => ({
        path: `/${kind}/${c.name}`,
        handler: async () => {
          const why = await c.check();
          return why === undefined ? textResponse(200, 'ok') : textResponse(500, `internal server error: ${why}\n`);
        },
      }),
    ),
    { path: `/${kind}/`, handler: notFoundPath, hidden: true },
  ];
}
