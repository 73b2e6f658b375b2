import {
  type Catalog,
  type CatalogVendor,
  type Integration,
  integrationId,
  type JsonObject,
  latestRevision,
  nameKey,
  type Revision,
  revisionOf,
  settingProblems,
} from '../../config/index.ts';
import { canonical } from '../canonical.ts';
import { pathOf } from '../changes.ts';
import type { ApiIds } from '../ids.ts';
import { type Draft, idOf, refuseTwins } from './draft.ts';
import type { IntegrationEntry } from './file.ts';
import { fingerprintOf, type Sealing, UNKNOWN_SECRET } from './sealing.ts';

/** Adds what makes the integrations those of the file. */
export async function planIntegrations(
  draft: Draft,
  entries: readonly IntegrationEntry[],
  ids: ApiIds,
  sealing: Sealing,
): Promise<void> {
  refuseTwins(draft, 'integrations', entries, ({ name }) => nameKey('integration', name));
  for (const [index, entry] of entries.entries())
    await new EntryPlan(draft, `integrations[${index}]`, entry, sealing).plan(ids);
  draft.check();
}

class EntryPlan {
  private readonly draft: Draft;
  private readonly path: string;
  private readonly entry: IntegrationEntry;
  private readonly sealing: Sealing;
  private readonly secretKeys: ReadonlySet<string>;

  constructor(draft: Draft, path: string, entry: IntegrationEntry, sealing: Sealing) {
    this.draft = draft;
    this.path = path;
    this.entry = entry;
    this.sealing = sealing;
    this.secretKeys = secretKeysOf(draft.catalog, entry.vendor);
  }

  async plan(ids: ApiIds): Promise<void> {
    const { draft, path, entry } = this;
    const vendor = draft.catalog.get(entry.vendor);
    const known = draft.base.integrations.get(idOf(draft.base, 'integration', entry.name) ?? '');
    if (vendor === undefined) {
      const vendors = [...draft.catalog.keys()].join(', ');
      draft.problem(`${path}.vendor`, 'UNKNOWN_VENDOR', `there is no such vendor; there are: ${vendors}`);
    } else if (known !== undefined && known.vendor !== vendor.key) {
      const message = `"${known.name}" is of vendor ${known.vendor} for ever: name another integration`;
      draft.problem(`${path}.vendor`, 'IMMUTABLE', message);
    } else {
      const id = known?.id ?? ids.resource(integrationId.prefix);
      const possible =
        known === undefined ? await this.install(vendor, id) : await this.change(vendor, known);
      if (possible) this.pause(id);
    }
  }

  private async install(vendor: CatalogVendor, id: string): Promise<boolean> {
    const { entry } = this;
    const secrets = this.newSecrets(undefined);
    const settings = withoutNulls(entry.settings ?? {});
    if (!this.isValid(vendor, settings, secrets)) return false;
    const sealed = await this.sealAll(secrets);
    return this.add(id, {
      'signal.config.InstallIntegration': {
        name: entry.name,
        vendor: vendor.key,
        variant: entry.variant ?? vendor.variants[0]?.key ?? '',
        settings: JSON.stringify(settings),
        ...sealed,
        consentCategories: entry.consent_categories ?? vendor.consentCategories,
      },
    });
  }

  private async change(vendor: CatalogVendor, known: Integration): Promise<boolean> {
    const { entry } = this;
    const secrets = this.newSecrets(known);
    const latest = latestRevision(known);
    const present = contentOf(latest);
    const wanted = {
      variant: entry.variant ?? present.variant,
      settings: entry.settings === undefined ? present.settings : withoutNulls(entry.settings),
    };
    const isOther = canonical(wanted) !== canonical(present);
    if (isOther || secrets.size > 0) {
      const all = new Map([...[...known.secrets.keys()].map((key) => [key, null] as const), ...secrets]);
      if (!this.isValid(vendor, wanted.settings, all)) return false;
    }
    if (secrets.size > 0) {
      const sealed = await this.sealAll(secrets);
      if (!this.add(known.id, { 'signal.config.RotateCredentials': sealed })) return false;
    }
    const waiting = isOther ? waitingWith(known, wanted) : undefined;
    const isDrafted = isOther && waiting === undefined;
    const update = {
      name: entry.name,
      consentCategories: entry.consent_categories ?? null,
      variant: isDrafted ? wanted.variant : null,
      settings: isDrafted ? JSON.stringify(wanted.settings) : null,
    };
    if (!this.add(known.id, { 'signal.config.UpdateIntegration': update })) return false;
    return !isOther || this.bringOut(known.id, waiting?.number ?? known.revisions.length + 1);
  }

  /** Has a revision published, as far as that is up to one person. */
  private bringOut(id: string, number: number): boolean {
    const { draft, path } = this;
    const integration = draft.state.integrations.get(id);
    const status = integration === undefined ? undefined : revisionOf(integration, number)?.status;
    if (!draft.state.settings.approvalRequired || status === 'approved')
      return this.add(id, { 'signal.config.PublishRevision': { revision: number } });
    if (status === 'draft' && !this.add(id, { 'signal.config.SubmitRevision': { revision: number } }))
      return false;
    const what = status === 'draft' ? 'is submitted, and waits' : 'waits';
    draft.notice(path, `revision ${number} ${what} for a second person's approval: it is not in use yet`);
    return true;
  }

  private pause(id: string): void {
    const { paused } = this.entry;
    if (paused === true) this.add(id, { 'signal.config.PauseIntegration': {} });
    if (paused === false) this.add(id, { 'signal.config.ResumeIntegration': {} });
  }

  /** Those in clear that are others than the integration has. */
  private newSecrets(known: Integration | undefined): ReadonlyMap<string, string> {
    const secrets = new Map<string, string>();
    for (const [key, given] of Object.entries(this.entry.secrets ?? {})) {
      if (fingerprintOf(given, this.sealing) === known?.fingerprints.get(key)) continue;
      if (typeof given === 'string') secrets.set(key, given);
      else this.draft.problem(`${this.path}.secrets.${key}`, 'UNKNOWN_SECRET', UNKNOWN_SECRET);
    }
    return secrets;
  }

  /** Notes everything that is wrong with them. `secrets`: null for one that is there, sealed. */
  private isValid(
    vendor: CatalogVendor,
    settings: JsonObject,
    secrets: ReadonlyMap<string, string | null>,
  ): boolean {
    const problems = settingProblems(vendor.settings, settings, secrets);
    for (const each of problems) this.draft.refuse(this.path, each, this.fieldOf);
    return problems.length === 0;
  }

  private async sealAll(given: ReadonlyMap<string, string>) {
    const [secrets, fingerprints]: [[string, string][], [string, string][]] = [[], []];
    for (const [key, plaintext] of given) {
      secrets.push([key, await this.sealing.seal(plaintext)]);
      fingerprints.push([key, this.sealing.fingerprint(plaintext)]);
    }
    return { secrets: Object.fromEntries(secrets), fingerprints: Object.fromEntries(fingerprints) };
  }

  private add(id: string, payload: Parameters<Draft['add']>[2]): boolean {
    return this.draft.add(this.path, id, payload, this.fieldOf);
  }

  private readonly fieldOf = (field: string): string => integrationField(field, this.secretKeys);
}

/** What the file calls a field of an integration's commands: they speak of secrets as of settings. */
function integrationField(field: string, secretKeys: ReadonlySet<string>): string {
  const key = /^settings\.(.*)$/s.exec(field)?.[1];
  return key !== undefined && secretKeys.has(key) ? `secrets.${key}` : pathOf(field);
}

const secretKeysOf = (catalog: Catalog, vendor: string): ReadonlySet<string> =>
  new Set(
    catalog
      .get(vendor)
      ?.settings.filter(({ type }) => type === 'secret')
      .map(({ key }) => key),
  );

/** What a revision is made of. */
interface Content {
  readonly variant: string;
  readonly settings: JsonObject;
}

const contentOf = (revision: Revision | undefined): Content => ({
  variant: revision?.variant ?? '',
  settings: withoutNulls(revision?.settings ?? {}),
});

/** The newest revision, if it has the content and is not published yet. */
function waitingWith({ revisions }: Integration, wanted: Content): Revision | undefined {
  const newest = revisions.at(-1);
  const waits = newest?.status !== 'published' && canonical(contentOf(newest)) === canonical(wanted);
  return waits ? newest : undefined;
}

/** A setting that is null is one that is not given. */
export const withoutNulls = (settings: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null));
