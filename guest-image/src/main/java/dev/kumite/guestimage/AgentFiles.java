package dev.kumite.guestimage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * What the distribution brings for the guest: a Java runtime, the agent's jars, its AOT cache, and
 * the options that it was made with.
 *
 * @param runtime a linked Java runtime
 * @param jars the directory with the agent's jars
 * @param aotCache made by a training run with these jars and options
 * @param flags an argument file for {@code java}, with the class path as it is in the guest
 */
public record AgentFiles(Path runtime, Path jars, Path aotCache, Path flags) {

    /**
     * {@return the files in such a directory of a distribution: {@code runtime}, {@code lib},
     * {@code agent.aot}, {@code flags}}
     *
     * @throws GuestImageException if one of them is missing
     */
    public static AgentFiles in(Path directory) {
        AgentFiles files =
                new AgentFiles(
                        directory.resolve("runtime"),
                        directory.resolve("lib"),
                        directory.resolve("agent.aot"),
                        directory.resolve("flags"));
        files.require(Files.isDirectory(files.runtime), files.runtime);
        files.require(Files.isDirectory(files.jars), files.jars);
        files.require(Files.isRegularFile(files.aotCache), files.aotCache);
        files.require(Files.isRegularFile(files.flags), files.flags);
        return files;
    }

    private void require(boolean there, Path path) {
        if (!there) {
            throw GuestImageException.missing(
                    path
                            + " is missing: the guest's part of the distribution is not built; start ./kumite once,"
                            + " which builds it");
        }
    }

    /** {@return the version of the Java runtime, as its file {@code release} gives it} */
    String javaVersion() {
        Properties release = new Properties();
        try (InputStream in = Files.newInputStream(runtime.resolve("release"))) {
            release.load(in);
        } catch (IOException e) {
            throw GuestImageException.io("cannot read " + runtime.resolve("release"), e);
        }
        return release.getProperty("JAVA_RUNTIME_VERSION", release.getProperty("JAVA_VERSION", ""))
                .replace("\"", "");
    }
}
