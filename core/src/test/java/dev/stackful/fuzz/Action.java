package dev.stackful.fuzz;

/**
 * What a statement does with the library. The records that are one print themselves as the program
 * shows them and as the log does: nothing else tells them apart there.
 */
interface Action {}
