/** Progress on a terminal: one line per step, with its time; a step that waits shows what it waits for. */

export interface Steps {
  /** Runs `work` as a named step; a failure is printed with the step and thrown on. */
  run<T>(name: string, work: (note: (text: string) => void) => Promise<T>): Promise<T>;
}

export interface StepsOptions {
  readonly write: (text: string) => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly terminal: boolean;
}

export function createSteps({ write, now, terminal }: StepsOptions): Steps {
  return {
    async run(name, work) {
      const began = now();
      let noted = '';
      const seconds = () => `${((now() - began) / 1000).toFixed(1)} s`;
      if (terminal) write(`  … ${name}`);
      const note = (text: string) => {
        noted = text;
        if (terminal) write(`\r\x1b[K  … ${name}: ${text}`);
      };
      try {
        const result = await work(note);
        write(`${terminal ? '\r\x1b[K' : ''}  ✓ ${name}${noted ? ` (${noted})` : ''}  ${seconds()}\n`);
        return result;
      } catch (e) {
        write(`${terminal ? '\r\x1b[K' : ''}  ✗ ${name}${noted ? ` (${noted})` : ''}  ${seconds()}\n`);
        throw e;
      }
    },
  };
}
