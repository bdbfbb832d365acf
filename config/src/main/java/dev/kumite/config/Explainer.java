package dev.kumite.config;

import dev.kumite.config.Explanation.Entry;
import dev.kumite.config.Explanation.Section;
import dev.kumite.config.Explanation.Summary;
import dev.kumite.config.Explanation.Value;
import dev.kumite.config.Explanation.Verdict;
import dev.kumite.oci.Outcome;
import dev.kumite.oci.Spec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Explains plans. Pure, as planning is: it asks the {@link Host} whether files are there, and
 * changes nothing. Explaining never fails, whatever is explained. Thread-safe.
 */
public final class Explainer {

    /** Values of the plan that the story tells in other words. */
    private static final Set<String> TOLD_OTHERWISE =
            Set.of(
                    "SandboxConfig.ID",
                    "SandboxConfig.Hostname",
                    "SandboxConfig.HypervisorType",
                    "SandboxConfig.StaticResourceMgmt",
                    "SandboxConfig.ShmSize",
                    "SandboxConfig.DisableGuestSeccomp",
                    "SandboxConfig.SandboxCgroupOnly",
                    PlanValues.TYPE,
                    "AgentConfig.LongLiveConn",
                    "HypervisorConfig.SharedFS",
                    "HypervisorConfig.BlockDeviceDriver",
                    "HypervisorConfig.EnableAnnotations",
                    "HypervisorConfig.DefaultMaxVCPUs");

    private final RuntimeConfig runtime;
    private final Host host;
    private final SandboxPlanner planner;

    private Explainer(RuntimeConfig runtime, Host host, SandboxPlanner planner) {
        this.runtime = runtime;
        this.host = host;
        this.planner = planner;
    }

    /** {@return an explainer of plans for this configuration on this host} */
    public static Explainer of(RuntimeConfig runtime, Host host, BuildConstants build) {
        return new Explainer(runtime, host, SandboxPlanner.of(runtime, host, build));
    }

    /**
     * Explains what came of planning. If the plan was refused, the explanation tells what would be
     * made without that for which it is refused.
     *
     * @param spec what was planned
     * @param request with which it was planned
     * @param outcome what came of it
     */
    public Explanation explain(Spec spec, PlanRequest request, Outcome<Plan> outcome) {
        Set<String> refused = outcome.isRefused() ? planner.refused(spec.annotations()) : Set.of();
        Plan plan =
                outcome.value()
                        .orElseGet(() ->
                                new Salvage(planner, runtime)
                                        .plan(spec, request, refused, outcome.problems()));
        Set<String> removed = plan instanceof Plan.NewSandbox ? refused : Set.of();
        Verdict verdict = verdict(outcome, plan);
        List<Value> values = PlanValues.of(runtime, plan, spec);
        List<Section> sections = new ArrayList<>();
        switch (plan) {
            case Plan.NewSandbox made -> sections.addAll(sections(made, spec));
            case Plan.JoinSandbox joined -> sections.addAll(sections(joined, spec));
        }
        if (plan instanceof Plan.NewSandbox) {
            others(values, sections).ifPresent(sections::add);
        }
        Overhead overhead =
                switch (plan) {
                    case Plan.NewSandbox made -> OverheadEstimate.of(made.sandbox(), host);
                    case Plan.JoinSandbox _ -> OverheadEstimate.ofJoining();
                };
        return new Explanation(
                new Summary(verdict, headline(verdict, plan, outcome), SummaryText.of(plan)),
                sections,
                values,
                new AnnotationVerdicts(plan, removed, outcome.problems()).of(spec),
                overhead,
                outcome.problems());
    }

    /** {@return how two plans differ} */
    public static PlanDifference difference(Planned left, Planned right) {
        return PlanDifference.between(left, right);
    }

    /**
     * A plan and what it was made from.
     *
     * @param runtime the configuration
     * @param spec the specification
     * @param plan what came of both
     */
    public record Planned(RuntimeConfig runtime, Spec spec, Plan plan) {}

    private static Verdict verdict(Outcome<Plan> outcome, Plan plan) {
        if (outcome.isRefused()) {
            return Verdict.REFUSED;
        }
        return switch (plan) {
            case Plan.NewSandbox _ -> Verdict.NEW_SANDBOX;
            case Plan.JoinSandbox _ -> Verdict.JOIN_SANDBOX;
        };
    }

    private static String headline(Verdict verdict, Plan plan, Outcome<Plan> outcome) {
        String id = Wording.shortId(plan.container().id());
        return switch (verdict) {
            case REFUSED ->
                    id + ": refused, for " + Wording.count(outcome.errors().size(), "reason");
            case JOIN_SANDBOX ->
                    id
                            + ": joins the virtual machine of pod "
                            + Wording.shortId(SummaryText.sandboxId(plan));
            case NEW_SANDBOX ->
                    id
                            + (plan.type() == ContainerType.POD_SANDBOX
                                    ? ": a virtual machine for a pod"
                                    : ": a virtual machine of its own");
        };
    }

    private List<Section> sections(Plan.NewSandbox made, Spec spec) {
        SandboxConfig sandbox = made.sandbox();
        MachineSections machine = new MachineSections(sandbox, made.type(), spec, host);
        ContainerSections container =
                new ContainerSections(
                        made.container(),
                        spec,
                        !sandbox.settings().get(SandboxFields.DISABLE_GUEST_SECCOMP),
                        sandbox.settings().origin(SandboxFields.DISABLE_GUEST_SECCOMP));
        String driver = sandbox.hypervisorConfig().get(HypervisorConfig.BLOCK_DEVICE_DRIVER);
        Section files =
                container.files(sandbox.hypervisorConfig().get(HypervisorConfig.SHARED_FS), driver);
        return List.of(
                machine.size(),
                machine.boot(),
                container.program(),
                FileSharing.complete(files, sandbox),
                container.devices(driver),
                machine.network(),
                container.security());
    }

    private List<Section> sections(Plan.JoinSandbox joined, Spec spec) {
        Settings<RuntimeFields> settings = runtime.settings();
        Settings<HypervisorConfig> vm = runtime.hypervisorConfig();
        ContainerSections container =
                new ContainerSections(
                        joined.container(),
                        spec,
                        !settings.get(RuntimeFields.DISABLE_GUEST_SECCOMP),
                        settings.origin(RuntimeFields.DISABLE_GUEST_SECCOMP));
        String driver = vm.get(HypervisorConfig.BLOCK_DEVICE_DRIVER);
        return List.of(
                JoinedSize.section(joined, runtime, spec),
                container.program(),
                container.files(vm.get(HypervisorConfig.SHARED_FS), driver),
                container.devices(driver),
                new SectionBuilder("Network")
                        .say(
                                "The container shares the pod's network: the guest has it since the machine was made.")
                        .build(),
                container.security());
    }

    /** What somebody has set and the story has not told. */
    private static Optional<Section> others(List<Value> values, List<Section> told) {
        Set<String> names = new HashSet<>();
        for (Section section : told) {
            for (Entry entry : section.entries()) {
                names.add(entry.name());
            }
        }
        List<Entry> entries = new ArrayList<>();
        for (Value value : values) {
            boolean known =
                    value.field().startsWith("ContainerConfig.")
                            || value.field().startsWith("SandboxConfig.Annotations[")
                            || TOLD_OTHERWISE.contains(value.field())
                            || names.contains(
                                    value.field().substring(value.field().lastIndexOf('.') + 1));
            if (!known && !Explanation.isDefault(value.origin())) {
                String words =
                        value.value() instanceof Boolean ? "on" : PlanValues.inWords(value.value());
                entries.add(new Entry(value.field(), words, value.origin(), value.meaning(), ""));
            }
        }
        return entries.isEmpty()
                ? Optional.empty()
                : Optional.of(new Section("Also set", "", entries));
    }
}
