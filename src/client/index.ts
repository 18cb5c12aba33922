/** The client's face: transports, the typed client, informers, work queues, events, kubeconfig. */
export type * from './cache.ts';
export type * from './client.ts';
export { createEventRecorder, type EventRecorderOptions } from './event-recorder.ts';
export {
  createEventSeriesRecorder,
  type EventSeriesOptions,
  type EventSeriesRecorder,
  type SeriesEvent,
} from './event-series.ts';
export { createHttpTransport, type HttpTransportOptions, TransportError } from './http-transport.ts';
export { inClusterOptions, inClusterTransport, serviceAccountDir } from './in-cluster.ts';
export { createInformer, objectKey } from './informer.ts';
export { createInformerFactory, type InformerFactoryOptions } from './informer-factory.ts';
export {
  type Connection,
  type ConnectionOverrides,
  connectionOf,
  kubeconfigFiles,
  type LoadedKubeconfig,
  loadKubeconfig,
  transportFromKubeconfig,
} from './kubeconfig.ts';
export {
  claimLease,
  type LeaderElectionOptions,
  type ObservedLease,
  releasedSpec,
  runLeaderElection,
} from './leader-election.ts';
export { backoffMs, type ReflectorInput, type ReflectorState, runReflector, step } from './reflector.ts';
export { collectionPath, createClient, lines, pathOf, type RestClientOptions } from './rest-client.ts';
export { type ServiceAccountClientsOptions, serviceAccountClients } from './service-account-clients.ts';
export { createWorkQueue, type WorkQueueOptions } from './work-queue.ts';
