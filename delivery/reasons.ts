/** Why a delivery was retried or given up, where the vendor's answer (`HTTP_...`) does not say it. */
export const DELIVERY_REASONS = {
  NETWORK_ERROR: 'no answer could be had: name resolution, connection or TLS failed',
  TIMEOUT: 'the vendor did not answer in time',
  ADDRESS_REFUSED: 'the host is a private address, and SIGNAL_ALLOWED_CIDRS does not allow it',
  REQUEST_INVALID: 'no valid HTTP request could be made from the settings',
  CREDENTIALS_UNAVAILABLE: 'the credentials could not be read',
  ANSWER_UNREADABLE: 'the vendor’s answer could not be understood',
  PAYLOAD_TOO_LARGE: 'the event alone exceeds what the vendor accepts in a request',
} as const;

export type DeliveryReason = keyof typeof DELIVERY_REASONS;
