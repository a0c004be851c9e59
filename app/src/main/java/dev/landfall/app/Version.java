package dev.landfall.app;

import picocli.CommandLine.Command;

/**
 * {@code landfall version}. It implements nothing of picocli's: those class files are of a format so old that the JVM's
 * AOT cache leaves them and their subclasses out, and then fails over the references that remain.
 */
@Command(name = "version", description = "Print the version.", mixinStandardHelpOptions = true)
final class Version implements Runnable {
    /** The one in the poms; {@code VersionTest} compares. */
    static final String NUMBER = "0.1.0";

    @Override
    public void run() {
        System.out.println("landfall " + NUMBER);
    }
}
