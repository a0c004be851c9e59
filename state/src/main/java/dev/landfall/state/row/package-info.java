/**
 * How rows are stored. Rows that are written together share a {@linkplain dev.landfall.state.row.BatchWriter batch}: a
 * text that occurs in many of them, and the names of a record's components, are in it once (docs/adr/0010).
 */
package dev.landfall.state.row;
