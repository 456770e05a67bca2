/** Characters of a file that are kept to be found by; a tsvector takes at most a megabyte. */
export const CHARACTERS = 200_000
/** Pages of a PDF that are read. */
export const PAGES = 300
