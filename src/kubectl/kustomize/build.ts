/** Kustomization directories: refused by name until they are built here. */
import { CommandError } from '../failure.ts';

/** @throws CommandError always */
export function build(directory: string): readonly unknown[] {
  throw new CommandError(
    `kustomization directories are not supported by this kubectl: build ${JSON.stringify(directory)} with kustomize and apply its output with -f -`,
  );
}
