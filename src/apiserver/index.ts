/** The face of the API server. */
export type * from './attributes.ts';
export { createBackends, type BackendOptions } from './edge/backends.ts';
export type { Listener, ListenOptions, TlsFiles } from './edge/https-server.ts';
export type { MemoryIdentity } from './edge/memory-transport.ts';
export { type Backends, defaultLimits, type Limits, type Random } from './engine.ts';
export type { HealthCheck } from './discovery/health.ts';
export { defaultVersion, type VersionInfo } from './discovery/version.ts';
export { type ApiRequest, type ApiResponse, jsonResponse, textResponse } from './request.ts';
export type { PathRoute } from './router.ts';
export { type ApiServer, type ApiServerOptions, createApiServer, type Plugins } from './server.ts';
