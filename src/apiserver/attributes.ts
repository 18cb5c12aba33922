/** What the filters learn of a request and hand down: who asks, for what. Authentication, authorisation and admission meet here. */
import type { AnyRow, KubeObject, Subresource } from '../api/resource-row.ts';

export interface UserInfo {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** Parsed from method and path (upstream: RequestInfo). */
export interface RequestInfo {
  /** get, list, watch, create, update, patch, delete, deletecollection, connect, or the lower-case method of a non-resource path. */
  readonly verb: string;
  readonly isResource: boolean;
  readonly path: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

export interface Credentials {
  /** DER of the verified client certificate, when TLS brought one. */
  readonly clientCertificate?: Buffer | undefined;
  /** DER of a certificate that the front proxies' CA signed. */
  readonly proxyCertificate?: Buffer | undefined;
  /** Authorization header. */
  readonly authorization?: string | undefined;
  /** websocket subprotocols (base64url bearer tokens ride there). */
  readonly webSocketProtocols?: readonly string[] | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface Authenticator {
  /** undefined = no credentials this one understands; a bad credential throws an `unauthorized` StatusError. */
  authenticate(credentials: Credentials): Promise<UserInfo | undefined>;
}

export interface AuthorizerAttributes extends RequestInfo {
  readonly user: UserInfo;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

export interface Decision {
  readonly decision: 'allow' | 'deny' | 'no-opinion';
  readonly reason: string;
}

export interface Authorizer {
  /** Must be fast: on the path of every request. Synchronous where it can be. */
  authorize(attributes: AuthorizerAttributes): Decision | Promise<Decision>;
}

export type AdmissionOperation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

export interface AdmissionAttributes {
  readonly operation: AdmissionOperation;
  readonly row: AnyRow;
  readonly subresource: Subresource | undefined;
  readonly namespace: string;
  readonly name: string;
  readonly user: UserInfo;
  /** undefined on DELETE and CONNECT. */
  readonly object: KubeObject | undefined;
  readonly oldObject: KubeObject | undefined;
  readonly dryRun: boolean;
  readonly now: number;
  /** Adds a text to the Warning header. */
  readonly warn: (text: string) => void;
}

/** What one write reserved beside the object itself. Exactly one of the two is called, after the write. */
export interface Reservation {
  readonly object: KubeObject;
  commit(): void;
  rollback(): void;
}

/** Takes part in the writes of one resource: completes the object with what has to be reserved for it (addresses, ports). */
export interface WriteHook {
  /** `old` is undefined on create. Synchronous, so that two writes cannot reserve the same. @throws StatusError to refuse */
  begin(object: KubeObject, old: KubeObject | undefined, options: { readonly dryRun: boolean }): Reservation;
}

/** Reads other objects from the watch caches: what admission plugins and authorisers look at. Frozen objects. */
export interface ObjectReader {
  get<T extends KubeObject>(
    row: { readonly group: string; readonly plural: string },
    namespace: string,
    name: string,
  ): T | undefined;
  list<T extends KubeObject>(
    row: { readonly group: string; readonly plural: string },
    namespace?: string,
  ): readonly T[];
  /**
   * Tells of every change from now on, first of all there is (old undefined); a deleted object comes with object undefined.
   * For indexes that must be quick to ask.
   */
  subscribe?(
    row: { readonly group: string; readonly plural: string },
    changed: (old: KubeObject | undefined, object: KubeObject | undefined) => void,
  ): void;
}

export interface AdmissionPlugin {
  /** Upstream's name: NamespaceLifecycle, ServiceAccount, … */
  readonly name: string;
  readonly handles: readonly AdmissionOperation[];
  /** Returns the object, changed by copy or as it is; throws a StatusError to refuse. */
  readonly admit?: (
    attributes: AdmissionAttributes,
    reader: ObjectReader,
  ) => KubeObject | undefined | Promise<KubeObject | undefined>;
  readonly validate?: (attributes: AdmissionAttributes, reader: ObjectReader) => void | Promise<void>;
}
