import type { Log, TaskLog } from '../../log/index.ts';

/** The same log, as if it held nothing but the topics whose names begin with `prefix`: lets applications that use the
 * same names share a broker. */
export function underPrefix(log: Log, prefix: string): Log {
  const inside = <T extends { readonly topic: string }>(each: T): T => ({
    ...each,
    topic: prefix + each.topic,
  });
  const outside = <T extends { readonly topic: string }>(each: T): T => ({
    ...each,
    topic: each.topic.slice(prefix.length),
  });
  const task = (inner: TaskLog): TaskLog => ({
    id: inner.id,
    committed: inner.committed.map(outside),
    getMany: (store, keys) => inner.getMany(store, keys),
    scan: (store, range) => inner.scan(store, range),
    sizeOf: (store) => inner.sizeOf(store),
    commit: ({ offsets, records, changes }, options) =>
      inner.commit(
        { offsets: offsets?.map(inside) ?? [], records: records?.map(inside) ?? [], changes: changes ?? [] },
        options,
      ),
    close: () => inner.close(),
  });
  return {
    kind: log.kind,
    defaultPartitions: log.defaultPartitions,
    createTopics: (specs) => log.createTopics(specs.map((spec) => ({ ...spec, name: prefix + spec.name }))),
    topics: async () =>
      (await log.topics())
        .filter(({ name }) => name.startsWith(prefix))
        .map((info) => ({ ...info, name: info.name.slice(prefix.length) })),
    append: async (records) => (await log.append(records.map(inside))).map(outside),
    async *read(options) {
      for await (const records of log.read(inside(options))) yield records.map(outside);
    },
    offsets: async (topic) => (await log.offsets(prefix + topic)).map(outside),
    offsetsAt: async (topic, timestamp) => (await log.offsetsAt(prefix + topic, timestamp)).map(outside),
    deleteRecords: (before) => log.deleteRecords(before.map(inside)),
    committed: async (group) => (await log.committed(group)).map(outside),
    consume: (options) =>
      log.consume({
        ...options,
        topics: options.topics.map((topic) => prefix + topic),
        copartitioned: options.copartitioned?.map((topics) => topics.map((topic) => prefix + topic)),
        onAssigned: async (partitions) => (await options.onAssigned(partitions.map(outside)))?.map(inside),
        onRevoked: (partitions) => options.onRevoked(partitions.map(outside)),
        onRecords: (records) => options.onRecords(records.map(outside)),
      }),
    openTask: async (options) =>
      task(
        await log.openTask({
          ...options,
          partitions: options.partitions.map(inside),
          stores: options.stores?.map((store) => ({
            ...store,
            changelog: store.changelog === undefined ? undefined : inside(store.changelog),
          })),
        }),
      ),
    close: () => log.close(),
  };
}
