/** Certificates and keys: reading what users hand over, and a certificate authority of this machine's own. */
package dev.landfall.x509;
