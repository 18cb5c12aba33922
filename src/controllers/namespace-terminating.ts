/** The refusal of a create because its namespace is being deleted: no fault of the controller, nothing to retry. */
import { StatusError } from '../machinery/index.ts';

export const isNamespaceTerminating = (e: unknown): boolean =>
  e instanceof StatusError && (e.status.details?.causes?.some((c) => c.reason === 'NamespaceTerminating') ?? false);
