/*
 * A command that may come again says by its id which request it is (`asked`) and what that said (`said`): the same
 * request again is the same command, and another one under the same name is neither that nor a new one.
 */

/** `asked`: 64 hex digits. `said`: 16, from which nothing of it can be guessed. */
export const repeatableId = (asked: string, said: string): string => `idem_${asked}.${said}`;

/** What two commands have in common if one of them repeats the other, or pretends to. */
export const repeatKey = (commandId: string): string =>
  /^(idem_[0-9a-f]{64})\.[0-9a-f]{16}$/.exec(commandId)?.[1] ?? commandId;

/** Whether two commands of one key are one. Ids from before what was said was noted are their own key. */
export const isRepeat = (first: string, commandId: string): boolean =>
  first === commandId || first === repeatKey(commandId);
