/** The policy that a namespace's labels ask for (pod-security-admission/api). */
import { type FieldError, invalidValue } from '../../../schema/field-error.ts';

export type Level = 'privileged' | 'baseline' | 'restricted';

export interface LevelVersion {
  readonly level: Level;
  /** Minor version of 1.x; undefined = latest. */
  readonly minor: number | undefined;
}

export interface Policy {
  readonly enforce: LevelVersion;
  readonly audit: LevelVersion;
  readonly warn: LevelVersion;
}

const strictness: Readonly<Record<Level, number>> = { privileged: 0, baseline: 1, restricted: 2 };
export const compareLevels = (a: Level, b: Level): number => strictness[a] - strictness[b];
/** `restricted:latest`, `baseline:v1.30`. */
export const policyText = (p: LevelVersion): string =>
  `${p.level}:${p.minor === undefined ? 'latest' : `v1.${p.minor}`}`;
export const samePolicy = (a: LevelVersion, b: LevelVersion): boolean => a.level === b.level && a.minor === b.minor;

const isLevel = (text: string): text is Level => Object.hasOwn(strictness, text);
const open: LevelVersion = { level: 'privileged', minor: undefined };
export const privilegedPolicy: Policy = { enforce: open, audit: open, warn: open };

const prefix = 'pod-security.kubernetes.io/';

export interface ParsedPolicy {
  readonly policy: Policy;
  readonly errors: readonly FieldError[];
}

const nothing: ParsedPolicy = { policy: privilegedPolicy, errors: [] };

/** A level that is none is the strictest for enforce, none for audit and warn. */
export function policyOf(labels: Readonly<Record<string, string>> | undefined): ParsedPolicy {
  let labelled = false;
  for (const k in labels) if (k.startsWith(prefix)) labelled = true;
  if (!labels || !labelled) return nothing;
  const errors: FieldError[] = [];
  const bad = (label: string, value: string, why: string) =>
    errors.push(invalidValue(`metadata.labels[${label}]`, value, why));
  const mode = (name: 'enforce' | 'audit' | 'warn'): LevelVersion => {
    const [levelLabel, versionLabel] = [prefix + name, `${prefix}${name}-version`];
    const [text, version] = [labels[levelLabel], labels[versionLabel]];
    let level: Level = 'privileged';
    if (text !== undefined) {
      if (isLevel(text)) level = text;
      else {
        bad(levelLabel, text, 'must be one of privileged, baseline, restricted');
        level = name === 'enforce' ? 'restricted' : 'privileged';
      }
    }
    let minor: number | undefined;
    if (version !== undefined && version !== 'latest') {
      const m = /^v1\.(\d|[1-9]\d*)$/.exec(version);
      if (m) minor = Number(m[1]);
      else bad(versionLabel, version, 'must be "latest" or "v1.x"');
    }
    return { level, minor };
  };
  const enforce = mode('enforce');
  const audit = mode('audit');
  let warn = mode('warn');
  // Whoever only enforces is warned by the same rules.
  const enforced = labels[`${prefix}enforce`];
  if (
    labels[`${prefix}warn`] === undefined &&
    enforced !== undefined &&
    isLevel(enforced) &&
    compareLevels(enforce.level, warn.level) > 0
  )
    warn = { level: enforce.level, minor: labels[`${prefix}warn-version`] === undefined ? enforce.minor : warn.minor };
  return { policy: { enforce, audit, warn }, errors };
}
