/** Any role may ask for it, and no stranger. */
export const FOR_ANY_ROLE = '/admin/v2/clusters';
/** There is none: who is let in hears that, and nothing is made. */
export const NO_TOPIC = '/ws/v2/producer/persistent/public/default/none';
export const UNAUTHENTICATED = 401;
/** What who is let in hears of it. Any other answer says nothing of the token: the broker may be away. */
export const NO_SUCH_TOPIC = 404;
