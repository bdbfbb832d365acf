package dev.kumite.config;

import static java.util.Objects.requireNonNull;

/** What is to happen for a container that is to be created. */
public sealed interface Plan {

    /** {@return what the container is to its sandbox} */
    ContainerType type();

    /** {@return the container that is to be created} */
    ContainerConfig container();

    /**
     * A virtual machine is made, and the container started in it.
     *
     * @param type a container of its own, or the first one of a pod
     * @param sandbox what is made
     */
    record NewSandbox(ContainerType type, SandboxConfig sandbox) implements Plan {
        public NewSandbox {
            requireNonNull(type, "type is null");
            requireNonNull(sandbox, "sandbox is null");
        }

        @Override
        public ContainerConfig container() {
            return sandbox.containers().getFirst();
        }
    }

    /**
     * The container is started in the virtual machine of its pod.
     *
     * @param sandboxId identity of the pod's sandbox
     * @param container what is started
     */
    record JoinSandbox(String sandboxId, ContainerConfig container) implements Plan {
        public JoinSandbox {
            requireNonNull(sandboxId, "sandboxId is null");
            requireNonNull(container, "container is null");
        }

        @Override
        public ContainerType type() {
            return ContainerType.POD_CONTAINER;
        }
    }
}
