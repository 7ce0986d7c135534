/* In a folder nobody answers; a server puts its own file at this address, which names where it does. */
