/** An error that is said in a line. */
export const codedError = (code: string, message: string): Error =>
  Object.assign(new Error(message), { code });
