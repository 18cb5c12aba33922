/** The project's own source files, for the rules of this folder. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export const root = new URL('../..', import.meta.url).pathname;

export interface SourceFile {
  /** Path below the project, e.g. `src/base/clock.ts`. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
}

/** Every .ts file below the folders. */
export function sourceFiles(...folders: readonly string[]): readonly SourceFile[] {
  const found: SourceFile[] = [];
  const walk = (dir: string) => {
    for (const e of readdirSync(dir, { withFileTypes: true })) {
      const full = join(dir, e.name);
      if (e.isDirectory()) walk(full);
      else if (e.name.endsWith('.ts')) {
        const text = readFileSync(full, 'utf8');
        found.push({ path: relative(root, full), text, lines: text.split('\n').length - 1 });
      }
    }
  };
  for (const f of folders) if (existsSync(join(root, f))) walk(join(root, f));
  return found;
}

/** Relative imports of a file, as paths below the project. */
export function importsOf(file: SourceFile): readonly string[] {
  const found: string[] = [];
  for (const m of file.text.matchAll(
    /(?:^|\n)\s*(?:import|export)[^;'"]*?from\s+['"](\.[^'"]+)['"]|import\(\s*['"](\.[^'"]+)['"]\s*\)/g,
  )) {
    const target = m[1] ?? m[2]!;
    found.push(relative(root, join(root, file.path, '..', target)));
  }
  return found;
}
