/** How the parts of this program are started as processes of their own. */
import type { ClusterSettings } from '../cluster-settings.ts';
import type { ProcessSpec } from '../host/processes.ts';

export function componentSpec(s: ClusterSettings, name: 'control-plane' | 'node-agent'): ProcessSpec {
  const main = new URL('../main.ts', import.meta.url).pathname;
  return { name, command: [process.execPath, ...process.execArgv, main, name, '--data-dir', s.dataDir] };
}
