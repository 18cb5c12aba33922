/** `kubectl kustomize`: refused by name, as `-k` is; see ../kustomize/build.ts. */
import { array, bool, text } from '../flags.ts';
import { build } from '../kustomize/build.ts';
import type { Verb } from '../verb.ts';

export const kustomize: Verb = {
  usage: 'kustomize DIR',
  summary: 'Build a kustomization target from a directory or URL',
  flags: {
    output: text('If specified, write output to this path.', 'o'),
    'enable-helm': bool('Enable use of the Helm chart inflator generator.'),
    'enable-alpha-plugins': bool('Enable kustomize plugins'),
    'load-restrictor': text(
      "If set to 'LoadRestrictionsNone', local kustomizations may load files from outside their root.",
    ),
    env: array('A list of environment variables to be used by functions', 'e'),
  },
  async run(s) {
    build(s.flags.args[0] ?? '.');
  },
};
