const LEGAL = /^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/;

/** Kafka's rule for names of topics, and so for all that topics are named for: applications, stores, operators. */
export const isTopicName = (name: string): boolean => LEGAL.test(name);
