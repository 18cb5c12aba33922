/** Rules for metadata.name (upstream: apimachinery/pkg/api/validation/generic.go). Messages; none = valid. */
import { isDns1123Label, isDns1123Subdomain } from '../machinery/names.ts';

/** A name that is to be completed may end in a dash: it is judged with a letter there. */
const masked = (v: string, isPrefix: boolean): string =>
  isPrefix && v.length > 1 && v.endsWith('-') ? `${v.slice(0, -2)}a` : v;
export const nameIsDNSLabel = (v: string, isPrefix: boolean): readonly string[] => isDns1123Label(masked(v, isPrefix));
export const nameIsDNSSubdomain = (v: string, isPrefix: boolean): readonly string[] =>
  isDns1123Subdomain(masked(v, isPrefix));
