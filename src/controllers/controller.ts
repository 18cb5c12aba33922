/** What a controller is: a row with a name and a setup that wires informers to a queue and answers how one key is reconciled. */
import type { AnyRow, ObjectOf } from '../api/resource-row.ts';
import type { ServiceAccount } from '../api/core/v1/types.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { EventRecorder, Informer, InformerFactory, WorkQueue } from '../client/cache.ts';
import type { Client } from '../client/client.ts';

export interface ControllerOptions {
  /** The controller manager's own. */
  readonly client: Client;
  /** The client of a service account in kube-system: every controller has the rights of its own; absent = `client` for all. */
  readonly clientFor?: (account: string) => Client;
  readonly informers: InformerFactory;
  readonly recorderFor: (component: string, client: Client) => EventRecorder;
  readonly clock: Clock;
  readonly log: Logger;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  /** PEM bundle that every namespace gets as `kube-root-ca.crt`. */
  readonly rootCa: string;
  /** Signs the token of a service-account-token Secret; absent = such Secrets stay empty. */
  readonly legacyToken?: (account: ServiceAccount, secretName: string) => Promise<string>;
  readonly clusterCidr?: string;
  readonly nodeMonitorGracePeriodMs?: number;
  /** Names of the controllers to start; absent = all of the table. */
  readonly only?: readonly string[];
}

export interface ControllerContext extends Omit<ControllerOptions, 'clientFor' | 'recorderFor'> {
  /** Has the rights of this controller's account. */
  readonly client: Client;
  readonly recorder: EventRecorder;
  /** This controller's keys. */
  readonly queue: WorkQueue;
  /** A shared informer; the workers begin when all that were asked for have synced. */
  informer<R extends AnyRow>(row: R): Informer<ObjectOf<R>>;
  /** Whether another controller reads this row through its shared informer. */
  readonly isShared: (row: AnyRow) => boolean;
  /** Aborts when the controllers stop. */
  readonly signal: AbortSignal;
}

export interface Controller {
  /** Works on one key; what it throws is logged (conflicts and absent objects are not) and the key comes again, later each time. */
  reconcile(key: string): Promise<void>;
  /** What must have synced beside the informers. */
  synced?(signal: AbortSignal): Promise<void>;
  /** Runs beside the workers from the moment the informers synced until the signal aborts. */
  background?(signal: AbortSignal): Promise<void>;
}

export interface ControllerRow {
  /** Upstream's name: `deployment-controller`. */
  readonly name: string;
  /** Keys worked on at the same time; default 5. */
  readonly workers?: number;
  /** The service account it works as (upstream: the names in rbac/bootstrappolicy); default: the name, null = the manager itself. */
  readonly account?: string | null;
  /** The source of its events; default: the name. */
  readonly component?: string;
  readonly setup: (ctx: ControllerContext) => Controller;
}
