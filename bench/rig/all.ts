/** Every benchmark, in the order they run: cheap ones first. */
import { bench as api } from '../api.ts';
import { bench as cluster } from '../cluster.ts';
import { bench as dns } from '../dns.ts';
import { bench as managedFields } from '../managed-fields.ts';
import { bench as proxyRules } from '../proxy-rules.ts';
import { bench as scheduler } from '../scheduler.ts';
import { bench as schema } from '../schema.ts';
import { bench as store } from '../store.ts';
import type { Benchmark } from './benchmark.ts';

/** By the name of their file in bench/. */
export const benchmarks: Readonly<Record<string, Benchmark>> = {
  schema,
  'managed-fields': managedFields,
  'proxy-rules': proxyRules,
  dns,
  scheduler,
  store,
  api,
  cluster,
};
