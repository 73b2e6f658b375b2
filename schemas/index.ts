/** Every record on every topic and in every state store: its TypeScript type and its Avro schema, generated from
 * the `.avsc` files in `avro/`. */

export { deliveryKey, HEADERS } from './conventions.ts';
export * from './generated/index.ts';
