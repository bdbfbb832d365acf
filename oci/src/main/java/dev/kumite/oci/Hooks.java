package dev.kumite.oci;

import java.util.List;
import java.util.Optional;

/**
 * Programs to run at points of a container's life, each list in its order.
 *
 * <p>Source: runtime-spec config.md, POSIX-platform Hooks.
 *
 * @param prestart after the namespaces exist, before the program starts; deprecated in favour of
 *     the next three
 * @param createRuntime during {@code create}, in the runtime's namespaces
 * @param createContainer during {@code create}, in the container's namespaces
 * @param startContainer during {@code start}, in the container's namespaces, before the program
 * @param poststart after the program has started
 * @param poststop after the container has been deleted
 */
public record Hooks(
        List<Hook> prestart,
        List<Hook> createRuntime,
        List<Hook> createContainer,
        List<Hook> startContainer,
        List<Hook> poststart,
        List<Hook> poststop) {

    public Hooks {
        prestart = List.copyOf(prestart);
        createRuntime = List.copyOf(createRuntime);
        createContainer = List.copyOf(createContainer);
        startContainer = List.copyOf(startContainer);
        poststart = List.copyOf(poststart);
        poststop = List.copyOf(poststop);
    }

    /**
     * One program.
     *
     * <p>Source: runtime-spec config.md, POSIX-platform Hooks.
     *
     * @param path its absolute path
     * @param args its whole argument list, beginning with its name
     * @param env its whole environment, each entry {@code NAME=value}
     * @param timeout seconds after which it is stopped; none if absent
     */
    public record Hook(String path, List<String> args, List<String> env, Optional<Long> timeout) {
        public Hook {
            args = List.copyOf(args);
            env = List.copyOf(env);
        }
    }
}
