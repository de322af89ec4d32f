import { type Engine, Seal } from "@tandem/engine";
import { stateFor } from "./answers.ts";
import { auditRoutes } from "./audit/routes.ts";
import { backendRoutes } from "./backend_api/index.ts";
import { clientRoutes } from "./clients/routes.ts";
import { devBrowserRoutes } from "./dev_browser/routes.ts";
import { environmentRoutes } from "./environment/routes.ts";
import { refuse } from "./errors/index.ts";
import { Events } from "./events/events.ts";
import { genuineScriptRoutes } from "./genuine_scripts/index.ts";
import { handshakeRoutes } from "./handshake/routes.ts";
import { hostedRoutes } from "./hosted/index.ts";
import { App, type Connection, type Route } from "./http/index.ts";
import { inboxRoutes } from "./inbox/index.ts";
import { Instances } from "./instances/index.ts";
import { addConvexTemplate, jwtTemplateRoutes } from "./jwt_templates/index.ts";
import { instanceOfSecretKey, secretKeyOf } from "./keys/secret_keys.ts";
import { SigningKeys } from "./keys/signing_keys.ts";
import type { Limits } from "./limits.ts";
import { InboxMailer, Outbox, type SmtpMailer, type SmtpOptions } from "./mail/index.ts";
import { meRoutes } from "./me/index.ts";
import type { Parts } from "./parts.ts";
import { ThreadedPasswords } from "./passwords/index.ts";
import { Rates } from "./rate_limits/index.ts";
import type { Seams } from "./seams.ts";
import { isLive } from "./sessions/liveness.ts";
import { sessionRoutes } from "./sessions/routes.ts";
import { signInRoutes } from "./sign_ins/routes.ts";
import { signUpRoutes } from "./sign_ups/routes.ts";
import { openStore, type Reader } from "./store/index.ts";
import { Sweeper } from "./sweeps/index.ts";
import { avatarRoutes } from "./users/index.ts";
import { wellKnownRoutes } from "./well_known/routes.ts";

export interface IdentityOptions {
  readonly engine: Engine;
  readonly seams: Seams;
  readonly limits: Limits;
  /** 64 hex digits; everything the instance signs or seals hangs on it. */
  readonly instanceSecret: string;
  /** Where this server is reached on the machine: `http://127.0.0.1:3212`. The development instance's issuer. */
  readonly developmentOrigin: string;
  /** Where the production instance is reached, once it has an address of its own. */
  readonly productionOrigin: string | null;
  readonly applicationName: string;
  /** The mail server; without one the development instance keeps messages in its inbox. */
  readonly smtp?: SmtpOptions;
  /** The folder of the hosted pages' built files. */
  readonly assets?: string;
  /** The app's folder, whose npm packages the genuine SDKs' scripts are served from. */
  readonly project?: string;
  /** Lines for whoever runs the server, in development: where a message lies. */
  readonly log?: (line: string) => void;
  readonly report: (error: unknown) => void;
}

/** What tools and the app's settings need to know of the instance that is served. */
export interface IdentityFacts {
  readonly issuer: string;
  readonly publishableKey: string;
  readonly secretKey: string;
}

/** The Clerk-compatible server, without a listener of its own. */
export interface Identity {
  readonly events: Events;
  fetch(request: Request, connection: Connection): Promise<Response>;
  facts(): Promise<IdentityFacts>;
  /** Is this session over? One that is not there is. */
  isOver(sessionId: string): Promise<boolean>;
  close(): Promise<void>;
}

/** Opens the server over its engine; makes the application at the first start. */
export async function openIdentity(options: IdentityOptions): Promise<Identity> {
  const { parts: _, ...identity } = await composeIdentity(options);
  return identity;
}

/** Composes the parts; nothing else knows them all. For tests, which look at single parts, it answers them as well. */
export async function composeIdentity(
  options: IdentityOptions,
): Promise<Identity & { readonly parts: Parts }> {
  const { engine, seams, limits, instanceSecret, report } = options;
  const store = await openStore(engine);
  const seal = new Seal(instanceSecret, (length) => seams.random.bytes(length));
  const keys = new SigningKeys({ store, seal, seams, keep: limits.signingKeyMemory });
  const instances = await Instances.open({
    engine,
    store,
    seal,
    seams,
    developmentOrigin: options.developmentOrigin,
    productionOrigin: options.productionOrigin,
    applicationName: options.applicationName,
    furnish: (tx, instanceId) => addConvexTemplate(tx, instanceId, seams),
  });
  // The first sign-in should not have to wait for it, nor should the start.
  const served = await instances.byEnvironment(instances.main);
  const beginning = keys.begin(served.id).catch(report);
  const events = new Events();
  const passwords = new ThreadedPasswords(limits, seams.timers);
  const rates = new Rates(limits, seams.clock);
  const inbox = new InboxMailer({ store, seams, limits, log: options.log ?? (() => {}), report });
  const smtp = options.smtp === undefined ? null : await smtpMailer(options.smtp, limits, report);
  // Nobody waits for it, not even who stops the server: a mail server may take long to not answer.
  void smtp?.check();
  const mailer = smtp ?? inbox;
  const outbox = new Outbox(mailer, seams.timers, report);
  const parts: Parts = {
    store,
    seal,
    seams,
    limits,
    keys,
    instances,
    passwords,
    mailer,
    outbox,
    rates,
    events,
    instanceSecret,
    report,
  };
  const routes: Route[] = [
    ...wellKnownRoutes(keys),
    ...inboxRoutes(parts),
    ...hostedRoutes(parts, options.assets ?? null),
    ...genuineScriptRoutes(options.project ?? null),
    ...environmentRoutes(),
    ...devBrowserRoutes(parts),
    ...clientRoutes(parts),
    ...sessionRoutes(parts),
    ...signInRoutes(parts),
    ...signUpRoutes(parts),
    ...avatarRoutes(),
    ...meRoutes(parts),
    // Before the rest of the Backend API, whose path of a client would take its address for an id.
    ...handshakeRoutes(parts),
    ...backendRoutes(parts),
    ...jwtTemplateRoutes(parts),
    ...auditRoutes(parts),
  ];
  const app = new App({
    instances,
    routes,
    seams,
    limits,
    authorize: (request) => authorize(request, store.read(), instances, rates),
    stateFor: (call) => stateFor(parts, call),
    report,
  });
  const sweeper = new Sweeper(parts);
  sweeper.start();
  return {
    parts,
    events,
    fetch: (request, connection) => app.fetch(request, connection),
    async facts() {
      const instance = await instances.byEnvironment(instances.main);
      return {
        issuer: instance.issuer,
        publishableKey: instance.publishableKey,
        secretKey: await secretKeyOf(store.read(), instance.id, seal),
      };
    },
    async isOver(sessionId) {
      const session = await store.newest.get("sessions", sessionId);
      return session === null || !isLive(session, seams.clock.now());
    },
    async close() {
      await beginning;
      await sweeper.close();
      await passwords.close();
      await outbox.flush();
      await mailer.close();
    },
  };
}

/** The mail client takes some 20 MB, which a server without a mail server need not have. */
async function smtpMailer(
  smtp: SmtpOptions,
  limits: Limits,
  report: (error: unknown) => void,
): Promise<SmtpMailer> {
  const { SmtpMailer } = await import("./mail/smtp_mailer.ts");
  return new SmtpMailer(smtp, limits, report);
}

const BEARER = "Bearer ";

/** The instance of the Backend API's caller (B §1.1, §1.2). */
async function authorize(request: Request, reader: Reader, instances: Instances, rates: Rates) {
  const header = request.headers.get("authorization");
  if (header === null || !header.startsWith(BEARER)) throw refuse("authorization_header_format_invalid");
  const id = await instanceOfSecretKey(reader, header.slice(BEARER.length));
  if (id === null) throw refuse("clerk_key_invalid");
  if (new URL(request.url).pathname !== "/v1/jwks") rates.take("backend", id);
  return instances.byId(id);
}
