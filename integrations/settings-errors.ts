/** Everything that can be wrong with an integration's settings. */
export const SETTING_ERRORS = {
  UNKNOWN_SETTING: 'the vendor has no such setting',
  SETTING_REQUIRED: 'is required',
  SETTING_TYPE: 'is not of the right type',
  SETTING_OPTION: 'is not one of the options',
  SETTING_RANGE: 'is out of range',
  SETTING_INVALID: 'is not valid',
} as const;

export type SettingErrorCode = keyof typeof SETTING_ERRORS;

export interface SettingError {
  /** The setting's key. */
  readonly path: string;
  readonly code: SettingErrorCode;
  readonly message: string;
}

export function settingError(path: string, code: SettingErrorCode, detail?: string): SettingError {
  return {
    path,
    code,
    message: `${path} ${SETTING_ERRORS[code]}${detail === undefined ? '' : `: ${detail}`}`,
  };
}
