import { Counter, Gauge, type Registry } from 'prom-client';
import type { Spool } from './spool.ts';

export type SpoolMetrics = ReturnType<typeof createSpoolMetrics>;

export function createSpoolMetrics(register: Registry, clock: { now(): number }) {
  const registers = [register];
  let spool: Spool | undefined;
  const gauge = (name: string, help: string, value: (spool: Spool) => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(spool === undefined ? 0 : value(spool));
      },
    });
  gauge('signal_gateway_spool_events', 'Events accepted that wait on disk for the log.', (of) => of.records);
  gauge('signal_gateway_spool_bytes', 'Bytes of the spool on disk.', (of) => of.bytes);
  gauge('signal_gateway_spool_oldest_seconds', 'Age of the oldest event in the spool.', ({ oldest }) =>
    oldest === undefined ? 0 : Math.max(0, (clock.now() - oldest) / 1000),
  );
  return {
    observe: (of: Spool): void => {
      spool = of;
    },
    spooled: new Counter({
      name: 'signal_gateway_spooled_events_total',
      help: 'Events acknowledged out of the spool, since the log did not take them.',
      registers,
    }),
    replayed: new Counter({
      name: 'signal_gateway_spool_replayed_events_total',
      help: 'Events that the log got from the spool.',
      registers,
    }),
    setAside: new Counter({
      name: 'signal_gateway_spool_set_aside_events_total',
      help: 'Events in the spool that the log will never take. They are in the file set-aside of the spool.',
      registers,
    }),
  };
}
