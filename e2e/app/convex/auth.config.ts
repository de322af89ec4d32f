export default {
  providers: [
    { domain: process.env.OIDC_ISSUER!, applicationID: "tandem-app" },
    { domain: process.env.ABSENT_ISSUER!, applicationID: "tandem-app" },
    {
      type: "customJwt",
      issuer: process.env.CUSTOM_ISSUER!,
      jwks: process.env.CUSTOM_JWKS!,
      algorithm: "ES256",
      applicationID: "tandem-custom",
    },
  ],
};
