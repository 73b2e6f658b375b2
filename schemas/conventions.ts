/** What records carry besides their values, the same in every room that writes or reads them. */

/** Record headers that let a reader tell which event a record is about without decoding it. */
export const HEADERS = { messageId: 'message-id', integrationId: 'integration-id' } as const;

/** Key of a delivery's records in `delivery-results` and `dead-letters`. */
export const deliveryKey = (delivery: {
  readonly integrationId: string;
  readonly messageId: string;
}): string => `${delivery.integrationId}:${delivery.messageId}`;
