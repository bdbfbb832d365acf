package dev.kumite.vmm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessorStateTest {

    @Test
    void readsWhatEachProcessorDoes() {
        assertThat(
                        ProcessorState.parse(
                                """

                                CPU#0
                                RAX=0000000000000000 RBX=1
                                RIP=ffffffff81d3e0a1 RFL=00000246 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=1

                                CPU#12
                                RIP=00007f0000000001 RFL=00000246 [---Z-P-] CPL=3 II=0 A20=1 SMM=0 HLT=0
                                """))
                .extracting(ProcessorState::describe)
                .containsExactly(
                        "processor 0 waits for an interrupt at 0xffffffff81d3e0a1",
                        "processor 12 runs at 0x00007f0000000001");
        assertThat(ProcessorState.parse("CPU#1\n PC=ffff800008c0 X00=0"))
                .containsExactly(new ProcessorState(1, false, "ffff800008c0"));
    }

    @Test
    void leavesOutWhatItCannotRead() {
        assertThat(ProcessorState.parse("")).isEmpty();
        assertThat(ProcessorState.parse("CPU# CPU#99999999999 unknown command")).isEmpty();
        assertThat(ProcessorState.parse("CPU#0")).containsExactly(new ProcessorState(0, false, ""));
    }
}
