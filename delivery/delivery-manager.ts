import { isDeepStrictEqual } from 'node:util';
import { findVendor, type JsonObject } from '../integrations/index.ts';
import { type DeliveryEnvironment, DeliveryWorker } from './delivery-worker.ts';

/** An integration as delivery needs it: the latest settings count, whatever revision mapped an event. */
export interface DeliverableIntegration {
  readonly id: string;
  /** Key in the catalog. */
  readonly vendor: string;
  /** Without the secrets. */
  readonly settings: JsonObject;
}

/** The configuration as it is now. */
export interface IntegrationsView {
  integrations(): readonly DeliverableIntegration[];
  /** Calls back after every change; returns how to stop that. */
  subscribe(listener: () => void): () => void;
}

export interface DeliveryManagerOptions extends DeliveryEnvironment {
  readonly view: IntegrationsView;
  /** A worker stopped. It is started again after a while. */
  readonly onError: (integrationId: string, error: Error) => void;
  readonly restartDelayMs?: number | undefined;
}

interface Running {
  readonly integration: DeliverableIntegration;
  readonly worker: DeliveryWorker;
}

/** Runs a worker for each integration, and follows the configuration. One worker's trouble is its own. */
export class DeliveryManager {
  readonly #options: DeliveryManagerOptions;
  readonly #running = new Map<string, Running>();
  readonly #failed = new Map<string, () => void>();
  #unsubscribe: () => void = () => {};
  /** Changes are followed one after the other. */
  #work: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: DeliveryManagerOptions) {
    this.#options = options;
  }

  /** Resolves when the workers of the integrations there are have been started. */
  start(): Promise<void> {
    this.#unsubscribe = this.#options.view.subscribe(() => void this.#follow());
    return this.#follow();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#unsubscribe();
    for (const cancel of this.#failed.values()) cancel();
    await this.#work;
    await Promise.all([...this.#running.keys()].map((id) => this.#stop(id)));
  }

  #follow(): Promise<void> {
    this.#work = this.#work.then(() => this.#reconcile());
    return this.#work;
  }

  async #reconcile(): Promise<void> {
    if (this.#closed) return;
    const wanted = new Map(this.#options.view.integrations().map((each) => [each.id, each]));
    const outdated = [...this.#running.values()].filter(
      ({ integration }) => !isDeepStrictEqual(wanted.get(integration.id), integration),
    );
    await Promise.all(outdated.map(({ integration }) => this.#stop(integration.id)));
    const missing = [...wanted.values()].filter(({ id }) => !this.#running.has(id) && !this.#failed.has(id));
    await Promise.all(missing.map((integration) => this.#start(integration)));
  }

  async #start(integration: DeliverableIntegration): Promise<void> {
    const { id, vendor, settings } = integration;
    const definition = findVendor(vendor);
    if (definition === undefined)
      return this.#fail(id, new Error(`there is no vendor ${JSON.stringify(vendor)}`));
    const worker = new DeliveryWorker({ id, definition, settings }, this.#options, (error) =>
      this.#fail(id, error),
    );
    this.#running.set(id, { integration, worker });
    try {
      await worker.start();
    } catch (error) {
      this.#fail(id, error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #stop(id: string): Promise<void> {
    const running = this.#running.get(id);
    this.#running.delete(id);
    try {
      await running?.worker.close();
    } catch (error) {
      this.#options.onError(id, error instanceof Error ? error : new Error(String(error)));
    }
  }

  #fail(id: string, error: Error): void {
    if (this.#closed || this.#failed.has(id)) return;
    this.#options.onError(id, error);
    const restart = (): void => {
      this.#failed.delete(id);
      void this.#follow();
    };
    this.#failed.set(id, this.#options.clock.after(this.#options.restartDelayMs ?? 10_000, restart));
    this.#work = this.#work.then(() => this.#stop(id));
  }
}
