/** What each step of a write costs that reads the schema: decode and prune, defaults, validation, duplicate keys, protobuf. */
import { Pods } from '../src/api/core/v1/resources.ts';
import { Pod } from '../src/api/core/v1/types.ts';
import type { KubeObject } from '../src/api/resource-row.ts';
import { applyDefaults, decode, duplicateFields } from '../src/schema/index.ts';
import { decodeProtobuf, encodeProtobuf } from '../src/schema/protobuf.ts';
import { benchmark, main, microsecondsPerCall } from './rig/benchmark.ts';
import { samplePod } from './rig/sample-pod.ts';

export const bench = benchmark({
  summary: 'The schema at work on a 1.8 KB pod: JSON, decode, defaults, validation, duplicate keys, protobuf.',
  figures: {
    'json-parse': { unit: 'µs', better: 'less' },
    decode: { unit: 'µs', better: 'less' },
    defaults: { unit: 'µs', better: 'less' },
    validate: { unit: 'µs', better: 'less' },
    'duplicate-keys': { unit: 'µs', better: 'less' },
    'protobuf-encode': { unit: 'µs', better: 'less' },
    'protobuf-decode': { unit: 'µs', better: 'less' },
  },
  async run(say) {
    const text = JSON.stringify(samplePod('p1', 'default', 1));
    const json: unknown = JSON.parse(text);
    const decoded = decode(Pod, json).value as unknown as KubeObject;
    const withDefaults = (obj: KubeObject): KubeObject => {
      const filled = applyDefaults(Pod, obj);
      return (Pods.strategy.defaults?.(filled as never) as KubeObject | undefined) ?? filled;
    };
    const whole = withDefaults(decoded);
    const bytes = encodeProtobuf(Pod, whole);
    const validate = () => Pods.strategy.validate?.(whole as never);
    if (validate()?.length) throw new Error('the sample pod is not valid');
    say(
      'json-parse',
      microsecondsPerCall(() => JSON.parse(text)),
    );
    say(
      'decode',
      microsecondsPerCall(() => decode(Pod, json)),
    );
    say(
      'defaults',
      microsecondsPerCall(() => withDefaults(decoded)),
    );
    say('validate', microsecondsPerCall(validate));
    say(
      'duplicate-keys',
      microsecondsPerCall(() => duplicateFields(text)),
    );
    say(
      'protobuf-encode',
      microsecondsPerCall(() => encodeProtobuf(Pod, whole)),
    );
    say(
      'protobuf-decode',
      microsecondsPerCall(() => decodeProtobuf(Pod, bytes)),
    );
  },
});

if (import.meta.main) await main(import.meta.filename, bench);
