/** The face of the PKI room. */
export * from './private-file.ts';
export * from './x509.ts';
