/** `kube-scheduler`: the scheduler in a process of its own, under upstream's flags. */
import { realClock } from '../base/clock.ts';
import { createEventSeriesRecorder, createInformerFactory } from '../client/index.ts';
import { startScheduler } from '../scheduler/index.ts';
import { apartFlags, runApart } from './apart.ts';

const clock = realClock;

export const kubeScheduler = (args: readonly string[]): Promise<void> =>
  runApart(
    {
      name: 'kube-scheduler',
      summary: 'Finds a node for every pod that has none.',
      flags: apartFlags('kube-scheduler'),
      async lead({ client, log, host }, _flags, signal) {
        const informers = createInformerFactory({ client, clock, random: Math.random, log: log.child('informers') });
        const recorder = createEventSeriesRecorder({
          client,
          controller: 'default-scheduler',
          host,
          clock,
          log: log.child('events'),
          signal,
        });
        const running = startScheduler({ client, informers, recorder, clock, log, random: Math.random }, signal);
        informers.start(signal);
        await running.stopped;
      },
    },
    args,
  );
