/** Prefers nodes whose CPU and memory would be used in equal shares. */
import type { Plugin } from '../framework.ts';

/** 0..100, 100 when the shares are equal. Resources that the node has none of do not count. */
function balance(cpu: number, cpuAll: number, memory: number, memoryAll: number): number {
  const std =
    cpuAll === 0 || memoryAll === 0 ? 0 : Math.abs((Math.min(cpu / cpuAll, 1) - Math.min(memory / memoryAll, 1)) / 2);
  return Math.trunc((1 - std) * 100);
}

export const balancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  score({ requests: r }) {
    if (r.milliCPU === 0 && r.memory === 0) return undefined;
    return {
      score(n) {
        const { allocatable: a, requested: u } = n;
        const after = balance(u.milliCPU + r.milliCPU, a.milliCPU, u.memory + r.memory, a.memory);
        const before = balance(u.milliCPU, a.milliCPU, u.memory, a.memory);
        return 50 + Math.trunc((50 + after - before) / 2);
      },
    };
  },
};
