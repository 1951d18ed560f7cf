/** The numeric id of the user and the group that code in a kernel runs as, in Python and in the shell. */
export const USER_ID = 0;
