/** The face of the cluster PKI room. */
export * from './cluster-pki.ts';
export * from './kubeconfig-file.ts';
