/** `kubectl plugin list`: the programs on the PATH that are plugins (upstream: kubectl/pkg/cmd/plugin/plugin.go). */
import { PlainError } from '../failure.ts';
import { bool } from '../flags.ts';
import { pluginFiles, pluginWarnings } from '../plugins.ts';
import type { Verb } from '../verb.ts';

/** `verb`: the words of the command that words on the command line lead to, if they lead to one. */
export const pluginList = (verb: (words: readonly string[]) => Promise<string | undefined>): Verb => ({
  usage: 'plugin list [flags]',
  summary: "List all visible plugin executables on a user's PATH",
  flags: { 'name-only': bool('If true, display only the binary name of each plugin, rather than its full path') },
  async run(s) {
    const nameOnly = s.flags.bool('name-only');
    const found = pluginFiles(s.io);
    if (found.length === 0) throw new PlainError('error: unable to find any kubectl plugins in your PATH');
    const warnings = await pluginWarnings(found, verb);
    s.io.out('The following compatible plugins are available:\n\n');
    for (const [i, p] of found.entries()) {
      s.io.out(`${nameOnly ? p.name : p.file}\n`);
      for (const w of warnings[i]!) s.io.err(`  - ${w}\n`);
    }
    const count = warnings.flat().length;
    if (count)
      throw new PlainError(`error: ${count === 1 ? 'one plugin warning was' : `${count} plugin warnings were`} found`);
  },
});
