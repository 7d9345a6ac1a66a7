/** The script of the worker that stretches passphrases. It is built on its own; the page knows its address alone. */
import '@qsec/client/argon2-worker'
