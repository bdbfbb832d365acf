package dev.kumite.guestimage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The modules of one kernel: which there are, which are built in, and in which order they load. */
final class KernelModules {

    private final Map<String, Path> files;
    private final Set<String> builtIn;
    private final String builtInText;
    private final Map<String, KernelModule> read = new TreeMap<>();

    private KernelModules(Map<String, Path> files, Set<String> builtIn, String builtInText) {
        this.files = files;
        this.builtIn = builtIn;
        this.builtInText = builtInText;
    }

    /** {@return the modules below {@code lib/modules/<release>} of an unpacked kernel package} */
    static KernelModules in(Path directory) {
        Map<String, Path> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(directory)) {
            walk.filter(p -> p.toString().endsWith(KernelModule.SUFFIX))
                    .forEach(p -> files.put(KernelModule.nameOf(p.getFileName().toString()), p));
            String text = Files.readString(directory.resolve("modules.builtin"));
            Set<String> builtIn = new HashSet<>();
            for (String line : text.lines().toList()) {
                if (line.endsWith(KernelModule.SUFFIX)) {
                    builtIn.add(KernelModule.nameOf(line.substring(line.lastIndexOf('/') + 1)));
                }
            }
            return new KernelModules(files, builtIn, text);
        } catch (IOException e) {
            throw GuestImageException.io("cannot read the kernel's modules in " + directory, e);
        }
    }

    /** {@return whether the kernel has this: built in or as a module} */
    boolean has(String name) {
        return builtIn.contains(name) || files.containsKey(name);
    }

    /**
     * {@return the modules that must be loaded for these to work, each after those that it needs;
     * what is built in is left out}
     *
     * @throws GuestImageException if the kernel has not got one of them
     */
    List<KernelModule> loadOrder(Collection<String> names) {
        Map<String, KernelModule> order = new LinkedHashMap<>();
        for (String name : names) {
            add(name, name, order, new HashSet<>());
        }
        return new ArrayList<>(order.values());
    }

    private void add(
            String name, String wantedBy, Map<String, KernelModule> order, Set<String> visiting) {
        if (order.containsKey(name) || builtIn.contains(name) || !visiting.add(name)) {
            return;
        }
        Path file = files.get(name);
        if (file == null) {
            throw GuestImageException.content(
                    "the kernel has no module "
                            + name
                            + (name.equals(wantedBy) ? "" : ", which " + wantedBy + " needs"));
        }
        KernelModule module = read.computeIfAbsent(name, _ -> KernelModule.read(file));
        for (String dependency : module.depends()) {
            add(dependency, name, order, visiting);
        }
        for (String preferred : module.prefers()) {
            // Source: Linux, crypto/Makefile: an algorithm is asked for by an alias; its portable
            // form is called so.
            for (String candidate : List.of(preferred, preferred + "_generic")) {
                if (files.containsKey(candidate)) {
                    add(candidate, name, order, visiting);
                    break;
                }
            }
        }
        order.put(name, module);
    }

    /**
     * Puts modules into a tree, with the tables by which {@code modprobe} finds them.
     *
     * @param directory {@code lib/modules/<release>} or what it is called there
     */
    void install(Collection<KernelModule> modules, FileTree tree, String directory) {
        StringBuilder dep = new StringBuilder();
        StringBuilder alias = new StringBuilder();
        for (KernelModule module : modules) {
            String fileName = module.file().getFileName().toString();
            tree.file(directory + "/" + fileName, 0644, module.file());
            dep.append(fileName).append(':');
            // Nearest first, as depmod writes them: modprobe loads from the end.
            for (KernelModule needed : loadOrder(List.of(module.name())).reversed()) {
                if (!needed.equals(module)) {
                    dep.append(' ').append(needed.file().getFileName());
                }
            }
            dep.append('\n');
            for (String pattern : module.aliases()) {
                alias.append("alias ").append(pattern).append(' ').append(module.name());
                alias.append('\n');
            }
        }
        tree.text(directory + "/modules.dep", 0644, dep.toString());
        tree.text(directory + "/modules.alias", 0644, alias.toString());
        tree.text(directory + "/modules.symbols", 0644, "");
        tree.text(directory + "/modules.builtin", 0644, builtInText);
    }
}
