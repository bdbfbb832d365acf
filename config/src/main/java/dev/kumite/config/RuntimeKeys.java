package dev.kumite.config;

import static dev.kumite.config.HypervisorKeys.bool;
import static dev.kumite.config.HypervisorKeys.row;

import dev.kumite.config.ConfigurationKey.Place;
import dev.kumite.config.ConfigurationKey.Rule;
import dev.kumite.config.ConfigurationKey.ValueType;
import java.util.List;

/** The rows of all tables but the hypervisors'. */
final class RuntimeKeys {

    private static final Place RUNTIME = new Place.RuntimeTable();
    private static final Place AGENT = new Place.Agent();
    private static final Place FACTORY = new Place.Factory();
    private static final Place IMAGE = new Place.Image();
    private static final Place NETMON = new Place.Netmon();

    private static final String LATER = "it came with a later version of Kata Containers";
    private static final String EARLIER = "it belongs to an earlier version of Kata Containers";

    private RuntimeKeys() {}

    static void addTo(List<ConfigurationKey> rows) {
        addRuntime(rows);
        addSandbox(rows);
        addTracing(rows);
        addPolicy(rows);
        addUnreadRuntime(rows);
        addAgent(rows);
        addFactory(rows);
        addUnused(rows);
    }

    private static void addRuntime(List<ConfigurationKey> rows) {
        bool(rows, RUNTIME, "enable_debug", RuntimeFields.DEBUG, "Lets the runtime log more");
        row(
                rows,
                RUNTIME,
                "internetworking_model",
                new Rule.Model(RuntimeFields.INTER_NETWORK_MODEL),
                "How the container manager's network interface is connected to the machine");
        bool(
                rows,
                RUNTIME,
                "disable_new_netns",
                RuntimeFields.DISABLE_NEW_NET_NS,
                "Leaves the hypervisor in the host's network namespace; only with internetworking_model = \"none\"");
        bool(
                rows,
                RUNTIME,
                "disable_guest_seccomp",
                RuntimeFields.DISABLE_GUEST_SECCOMP,
                "Leaves containers in the guest without their seccomp filters");
        row(
                rows,
                RUNTIME,
                "vfio_mode",
                new Rule.Vfio(RuntimeFields.VFIO_MODE),
                "How passed-through devices appear to containers: vfio, as VFIO devices; guest-kernel, as what the guest's kernel makes of them");
        bool(
                rows,
                RUNTIME,
                "sandbox_cgroup_only",
                RuntimeFields.SANDBOX_CGROUP_ONLY,
                "Puts all processes of a sandbox into the pod's cgroup");
    }

    private static void addSandbox(List<ConfigurationKey> rows) {
        bool(
                rows,
                RUNTIME,
                "static_sandbox_resource_mgmt",
                RuntimeFields.STATIC_SANDBOX_RESOURCE_MGMT,
                "Makes the machine as large as its containers will need, instead of growing it");
        row(
                rows,
                RUNTIME,
                "sandbox_bind_mounts",
                new Rule.BindMounts(RuntimeFields.SANDBOX_BIND_MOUNTS),
                "Files and directories of the host that every sandbox sees, read-only, under their last names");
        bool(
                rows,
                RUNTIME,
                "disable_guest_empty_dir",
                RuntimeFields.DISABLE_GUEST_EMPTY_DIR,
                "Shares emptyDir volumes from the host instead of making them in the guest");
        row(
                rows,
                RUNTIME,
                "experimental",
                new Rule.Features(RuntimeFields.EXPERIMENTAL),
                "Experimental features to switch on. This version has none");
    }

    private static void addTracing(List<ConfigurationKey> rows) {
        bool(
                rows,
                RUNTIME,
                "enable_pprof",
                RuntimeFields.ENABLE_PPROF,
                "Offers profiling of the runtime");
        bool(
                rows,
                RUNTIME,
                "enable_tracing",
                RuntimeFields.TRACE,
                "Sends, for each start, what its steps took to a collector of OpenTelemetry");
        row(
                rows,
                RUNTIME,
                "jaeger_endpoint",
                new Rule.Text(RuntimeFields.JAEGER_ENDPOINT, ""),
                "Where traces go: a receiver of OTLP over HTTP in JSON, such as http://HOST:4318. Without it, the variable OTEL_EXPORTER_OTLP_ENDPOINT says where");
        row(
                rows,
                RUNTIME,
                "jaeger_user",
                new Rule.Text(RuntimeFields.JAEGER_USER, ""),
                "User for the tracing endpoint, by basic authentication");
        row(
                rows,
                RUNTIME,
                "jaeger_password",
                new Rule.Secret(RuntimeFields.JAEGER_PASSWORD),
                "Password for the tracing endpoint");
    }

    private static void addPolicy(List<ConfigurationKey> rows) {
        row(
                rows,
                RUNTIME,
                "annotation_policy",
                new Rule.Policy(),
                "How annotations are admitted: kata, as Kata Containers does; strict, where enable_annotations must match whole names and also governs agent.NAME and runtime.NAME, and guest assets need a hash or valid_asset_paths");
        row(
                rows,
                RUNTIME,
                "valid_asset_paths",
                new Rule.AssetGlobs(),
                "Which kernels, images, initrds and firmware an annotation may name without a hash");
    }

    private static void addUnreadRuntime(List<ConfigurationKey> rows) {
        row(
                rows,
                RUNTIME,
                "disable_selinux",
                new Rule.NotRead(
                        "Kata Containers reads it in [hypervisor.clh] only, though its template has it here"),
                "");
        notRead(rows, RUNTIME, "enable_vcpus_pinning", LATER);
        notRead(rows, RUNTIME, "create_container_timeout", LATER);
        notRead(rows, RUNTIME, "dan_conf", LATER);
        notRead(rows, RUNTIME, "emptydir_mode", LATER);
        notRead(rows, RUNTIME, "pod_resource_api_sock", LATER);
    }

    private static void addAgent(List<ConfigurationKey> rows) {
        bool(rows, AGENT, "enable_debug", AgentConfig.DEBUG, "Lets the agent log more");
        bool(
                rows,
                AGENT,
                "enable_tracing",
                AgentConfig.TRACE,
                "Sends traces of the agent. Only the agent of Kata Containers has any");
        row(
                rows,
                AGENT,
                "kernel_modules",
                new Rule.Strings(AgentConfig.KERNEL_MODULES),
                "Modules that the guest's kernel loads, each with its parameters after a space");
        bool(
                rows,
                AGENT,
                "debug_console_enabled",
                AgentConfig.ENABLE_DEBUG_CONSOLE,
                "Offers a shell of the guest to whoever is root on the host");
        row(
                rows,
                AGENT,
                "dial_timeout",
                new Rule.WholeNumber(AgentConfig.DIAL_TIMEOUT, 0, 0, HypervisorKeys.MAX_UINT32),
                "How long the agent is waited for, in seconds; 0 for the runtime's own");
        row(
                rows,
                AGENT,
                "container_pipe_size",
                new Rule.NotRead(
                        "it is an annotation and a kernel parameter of the agent, not a key: add agent.container_pipe_size=BYTES to kernel_params"),
                "");
        notRead(rows, AGENT, "trace_mode", EARLIER);
        notRead(rows, AGENT, "trace_type", EARLIER);
    }

    private static void addFactory(List<ConfigurationKey> rows) {
        bool(
                rows,
                FACTORY,
                "enable_template",
                FactoryConfig.TEMPLATE,
                "Clones machines from a template; needs an initrd");
        row(
                rows,
                FACTORY,
                "template_path",
                new Rule.Text(FactoryConfig.TEMPLATE_PATH, "/run/vc/vm/template"),
                "Directory of the template");
        row(
                rows,
                FACTORY,
                "vm_cache_number",
                new Rule.Wrapping(FactoryConfig.VM_CACHE_NUMBER),
                "Number of machines kept ready; 0 for no cache. Only with QEMU");
        row(
                rows,
                FACTORY,
                "vm_cache_endpoint",
                new Rule.Text(
                        FactoryConfig.VM_CACHE_ENDPOINT, "/var/run/kata-containers/cache.sock"),
                "Socket of the cache of machines");
    }

    private static void addUnused(List<ConfigurationKey> rows) {
        row(
                rows,
                IMAGE,
                "service_offload",
                new Rule.Unused(ValueType.BOOL, "images are pulled by the container manager"),
                "Pulls images inside the guest");
        row(
                rows,
                IMAGE,
                "provision",
                new Rule.Unused(ValueType.STRING, "images are pulled by the container manager"),
                "How images come into the guest");
        notRead(rows, NETMON, "enable_netmon", EARLIER);
        notRead(rows, NETMON, "path", EARLIER);
        notRead(rows, NETMON, "enable_debug", EARLIER);
        notRead(rows, NETMON, "enable_tracing", EARLIER);
    }

    private static void notRead(List<ConfigurationKey> rows, Place place, String name, String why) {
        row(rows, place, name, new Rule.NotRead(why), "");
    }
}
