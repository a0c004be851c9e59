package dev.landfall.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code landfall version}. */
@Command(name = "version", description = "Print the version.", mixinStandardHelpOptions = true)
final class Version implements Runnable, IVersionProvider {
    /** The one in the poms; {@code VersionTest} compares. */
    static final String NUMBER = "0.1.0";

    @Override
    public void run() {
        System.out.println("landfall " + NUMBER);
    }

    @Override
    public String[] getVersion() {
        return new String[] {"landfall " + NUMBER};
    }
}
