/** The face of the authentication and authorisation room. */
export * from './access-reviews.ts';
export * from './authenticator-chain.ts';
export * from './authorizer-chain.ts';
export * from './certificate-authenticator.ts';
export * from './identity.ts';
export * from './impersonation.ts';
export * from './node-authorizer.ts';
export * from './node-graph.ts';
export * from './rbac-authorizer.ts';
export * from './rbac-escalation.ts';
export * from './rbac-index.ts';
export * from './rbac-rules.ts';
export * from './signing-key.ts';
export * from './token-authenticator.ts';
export * from './token-issuer.ts';
export * from './virtual-handlers.ts';
