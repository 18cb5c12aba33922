/** intstr.IntOrString: a number, or a text that is a percentage or a port name (upstream: apimachinery/pkg/util/intstr). */

export type IntOrString = number | string;

/** The value cannot be scaled; `message` is upstream's. */
export class IntOrStringError extends Error {}

const integer = /^[+-]?\d+$/;

/** The number; a text that is no number is 0. */
export const intValue = (v: IntOrString): number => (typeof v === 'number' ? v : integer.test(v) ? Number(v) : 0);

/**
 * The number, or a percentage of `total`, rounded up or down.
 * @throws IntOrStringError when the text is no percentage, or the value is unset
 */
export function getScaledValueFromIntOrPercent(v: IntOrString | undefined, total: number, roundUp: boolean): number {
  if (v === undefined) throw new IntOrStringError('nil value for IntOrString');
  if (typeof v === 'number') return v;
  if (!v.endsWith('%'))
    throw new IntOrStringError('invalid value for IntOrString: invalid type: string is not a percentage');
  const digits = v.slice(0, -1);
  if (!integer.test(digits))
    throw new IntOrStringError(
      `invalid value for IntOrString: invalid value ${JSON.stringify(v)}: strconv.Atoi: parsing ${JSON.stringify(digits)}: invalid syntax`,
    );
  const share = (Number(digits) * total) / 100;
  return roundUp ? Math.ceil(share) : Math.floor(share);
}
