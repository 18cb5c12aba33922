/** The face of the bootstrap room. */
export { clusterRoles } from './cluster-roles.ts';
export * from './ensure-bootstrap-objects.ts';
export * from './reconcile-rbac.ts';
