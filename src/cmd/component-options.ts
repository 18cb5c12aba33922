/** Flags that every component of this program takes. */
import { parseArgs } from 'node:util';
import { createLogger, type Logger, type LogLevel } from '../base/log.ts';
import { type ClusterSettings, defaultDataDir, readClusterSettings } from './cluster-settings.ts';

export interface ComponentStart {
  readonly settings: ClusterSettings;
  readonly log: Logger;
}

/** Parses `--data-dir`, `--log-format` and `--log-level`; anything else is an error that names it. */
export async function componentStart(name: string, args: readonly string[]): Promise<ComponentStart> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'data-dir': { type: 'string', default: defaultDataDir },
      'log-format': { type: 'string', default: 'text' },
      'log-level': { type: 'string', default: 'info' },
    },
  });
  const format = values['log-format'];
  const level = values['log-level'];
  if (format !== 'text' && format !== 'json') throw new Error(`--log-format is text or json, not ${format}`);
  if (!['debug', 'info', 'warn', 'error'].includes(level))
    throw new Error(`--log-level is debug, info, warn or error, not ${level}`);
  const settings = await readClusterSettings(values['data-dir']);
  if (!settings) throw new Error(`there is no cluster in ${values['data-dir']}; k8ts up makes one`);
  return { settings, log: createLogger({ format, level: level as LogLevel }).child(name) };
}
