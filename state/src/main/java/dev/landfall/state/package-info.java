/**
 * The durable state every service keeps: immutable images of typed tables, decisions on them, one writer, a journal.
 */
package dev.landfall.state;
