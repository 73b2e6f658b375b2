/** The processor remembers messages for this long. */
export const MAX_DEDUPLICATION_HOURS = 48;

/** Of the organisation. */
export interface Settings {
  /** 0 until something was changed. */
  readonly version: number;
  readonly updatedAt: number | null;
  /** Every change says why. */
  readonly changeReasonRequired: boolean;
  /** A revision is published once a second person approved it. */
  readonly approvalRequired: boolean;
  /** Of a caller at the management API. */
  readonly requestsPerMinute: number;
  /** How long a message that comes again from its source is the same message, and is not processed again; 0: never. */
  readonly deduplicationHours: number;
}

export const DEFAULT_SETTINGS: Settings = {
  version: 0,
  updatedAt: null,
  changeReasonRequired: false,
  approvalRequired: false,
  requestsPerMinute: 600,
  deduplicationHours: 24,
};
